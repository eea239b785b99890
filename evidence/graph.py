"""The default model as a graph for onnxruntime, written straight from the package's four-bit file.

Why this arithmetic and no other stands in docs/adr/0014: the usual eight-bit routes take one scale
for all activations of a pass and lose what the search lives on; the blocks of 32 in which the
weights come, with a scale each for weights and activations, do not. The operators are those of
onnxruntime ("com.microsoft"), documented in its repository under docs/ContribOperators.md.
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from evidence import quick, weights
from evidence.quick import IDS, MASK, MEANS

NOUGHT = 128  # the byte that stands for a weight of nought
OWN = "com.microsoft"


def prepare(progress: weights.Progress) -> Path:
    """The graph's file, written when it is not there yet; WeightsMissing if it can't.

    As safe with several processes, and when killed, as weights.prepare is.
    """
    target = quick.file()
    if target.is_file():
        return target
    packed = weights.packed_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    with weights.alone(target.parent / ".lock"):
        if not target.is_file():
            progress("Writing the default language model in its quick form (once, a second) …")
            unfinished = target.with_name(f".{target.name}.unfinished")
            unfinished.write_bytes(_model(packed).SerializeToString())
            unfinished.chmod(0o644)  # web and worker may run as different people
            weights.to_disk(unfinished)
            unfinished.rename(target)
    return target


def _model(packed: Path) -> Any:
    reader = weights.Reader(packed.read_bytes())
    shape, _ = reader.shape(), reader.vocabulary()
    reader.skip_letter_map()
    drawing = Drawing(shape, reader.stored())
    state = drawing.embeddings()
    for layer in range(shape.layers):
        state = drawing.layer(f"l{layer}", state)
    drawing.mean(state)
    sizes = {IDS: TensorProto.INT64, MASK: TensorProto.INT64}
    inputs = [helper.make_tensor_value_info(name, kind, ["texts", "tokens"]) for name, kind in sizes.items()]
    output = helper.make_tensor_value_info(MEANS, TensorProto.FLOAT, ["texts", shape.width])
    graph = helper.make_graph(drawing.nodes, weights.NAME, inputs, [output], drawing.constants)
    versions = [helper.make_opsetid("", 18), helper.make_opsetid(OWN, 1)]
    return helper.make_model(graph, opset_imports=versions, ir_version=9)


class Drawing:
    """The graph while it is drawn. Values are known by name; every method gives the name of its result."""

    def __init__(self, shape: weights.Shape, stored: dict[str, NDArray[Any]]) -> None:
        self.shape = shape
        self.stored = stored
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], outputs: str | list[str], domain: str = "", **options: Any) -> str:
        names = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **options))
        return names[0]

    def embeddings(self) -> str:
        """Words (in the package's own four bits) and places, texts × tokens × width."""
        word, width = self.stored["emb.word"], self.shape.width
        numbers = weights.nibbles(word)
        pairs = numbers[:, 0::2] | (numbers[:, 1::2] << 4)  # neighbours share a byte here
        self.constant("words", pairs.reshape(self.shape.tokens, -1))
        self.constant("word_scales", word["scale"].astype(np.float32).reshape(self.shape.tokens, -1))
        places = self.stored["emb.pos"].reshape(-1, width) + self.stored["emb.type"].reshape(-1, width)[0]
        self.constant("places", places)
        self.constant("first", np.array([0], np.int64))
        options = {"bits": 4, "block_size": weights.BLOCK, "gather_axis": 0, "quantize_axis": 1}
        self.node("GatherBlockQuantized", ["words", IDS, "word_scales"], "word", OWN, **options)
        self.node("Shape", [IDS], "length", start=1, end=2)
        self.node("Slice", ["places", "first", "length"], "place")
        self.node("Add", ["word", "place"], "both")
        self.node("Cast", [MASK], "mask32", to=TensorProto.INT32)
        self.constant("emb.ln.w", self.stored["emb.ln.w"])
        self.constant("emb.ln.b", self.stored["emb.ln.b"])
        return self.node(
            "LayerNormalization", ["both", "emb.ln.w", "emb.ln.b"], "state", axis=-1, epsilon=self.shape.epsilon
        )

    def layer(self, name: str, state: str) -> str:
        """One layer of BERT: attention, then the inner network, each added to what went in."""
        if name == "l0":
            self.constant("thirds", np.array([self.shape.width] * 3, np.int64))
        all_three = self.dense(f"{name}.qkv", state, [f"{name}.{part}" for part in "qkv"])
        three = [f"{all_three}.{part}" for part in "qkv"]
        self.node("Split", [all_three, "thirds"], three, axis=-1)
        seen = self.node("MultiHeadAttention", [*three, "", "mask32"], f"{name}.seen", OWN, num_heads=self.shape.heads)
        state = self.add(f"{name}.aln", self.dense(f"{name}.out", seen, [f"{name}.ao"]), state)
        inner = self.node("Gelu", [self.dense(f"{name}.in", state, [f"{name}.fi"])], f"{name}.gelu", OWN)
        return self.add(f"{name}.oln", self.dense(f"{name}.end", inner, [f"{name}.fo"]), state)

    def dense(self, name: str, value: str, parts: list[str]) -> str:
        """value × weights + bias, of several weights beside each other."""
        bias = np.concatenate([self.stored[f"{part}.b"] for part in parts])
        blocks = np.concatenate([self.stored[f"{part}.w"] for part in parts])
        # The same sixteen numbers, in bytes: 10 % quicker than unpacking them at every pass.
        numbers = weights.nibbles(blocks) + np.uint8(NOUGHT - weights.NOUGHT)
        columns = numbers.size // len(bias)
        inputs = [
            value,
            self.constant(f"{name}.numbers", numbers.reshape(len(bias), -1, weights.BLOCK)),
            self.constant(f"{name}.scales", blocks["scale"].astype(np.float32)),
            "",
            "",
            self.constant(f"{name}.bias", bias),
        ]
        sizes = {"K": columns, "N": len(bias), "bits": 8, "block_size": weights.BLOCK}
        # Level 4: activations become eight bits as well, with a scale for every block of a row.
        return self.node("MatMulNBits", inputs, f"{name}.done", OWN, accuracy_level=4, **sizes)

    def add(self, name: str, value: str, state: str) -> str:
        """Both added and brought to one scale."""
        scale = [self.constant(f"{name}.{part}", self.stored[f"{name}.{part}"]) for part in "wb"]
        return self.node(
            "SkipLayerNormalization", [value, state, *scale], f"{name}.done", OWN, epsilon=self.shape.epsilon
        )

    def mean(self, state: str) -> str:
        """The mean over the tokens that are no padding, texts × width; of no unit length yet."""
        self.constant("last", np.array([-1], np.int64))
        self.constant("second", np.array([1], np.int64))
        self.node("Cast", [MASK], "weight", to=TensorProto.FLOAT)
        self.node("Unsqueeze", ["weight", "last"], "weights")
        self.node("Mul", [state, "weights"], "weighted")
        self.node("ReduceSum", ["weighted", "second"], "sum", keepdims=0)
        self.node("ReduceSum", ["weight", "second"], "count", keepdims=1)
        return self.node("Div", ["sum", "count"], MEANS)
