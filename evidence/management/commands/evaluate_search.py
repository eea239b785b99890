from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from evidence import encoder, evaluation, figures, judged, trial, words
from evidence.figures import Figures, SetFigures
from evidence.judged import JudgedSet
from evidence.stopping import stop_means_clean_up

Sets = dict[str, JudgedSet]


class Command(BaseCommand):
    help = "Measures the search against judged sets (BEIR layout), apart from real content."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folders", type=Path, nargs="+", help="each holds corpus.jsonl, queries.jsonl, qrels.tsv")
        parser.add_argument(
            "--domain",
            action="append",
            default=[],
            metavar="SET=DOMAIN",
            help="sets of one domain may answer each other's queries; else each set is a domain of its own",
        )
        parser.add_argument("--record", action="store_true", help="write the figures for the page, document and test")
        parser.add_argument("--json", action="store_true", help="print one JSON object only")

    def handle(self, *args: Any, **options: Any) -> None:
        sets = self._read(options["folders"])
        domains = self._domains(options["domain"], sets)
        if not encoder.warm():
            raise CommandError("There is no language model to measure with: see EMBEDDING_MODEL.")
        trial.forget_killed()
        tell = None if options["json"] else self.stderr.write
        try:
            with stop_means_clean_up():
                measured = [self._measured(name, sets, domains, tell, options["record"]) for name in sets]
        except trial.Incomplete as error:
            raise CommandError("Some passages did not get their vector; look at `manage.py embed`.") from error
        result = Figures(timezone.localdate().isoformat(), encoder.recipe(), words.WORDS_RECIPE, measured)
        if options["record"]:
            figures.record(result)
        self._print(result, options["json"])

    def _read(self, folders: list[Path]) -> Sets:
        names = [folder.resolve().name for folder in folders]
        if len(set(names)) < len(names):
            raise CommandError("Two of these folders have one name; a set is known by its name.")
        try:
            return {name: judged.read(folder) for name, folder in zip(names, folders, strict=True)}
        except judged.Malformed as error:
            raise CommandError(str(error)) from error

    def _domains(self, told: list[str], sets: Sets) -> dict[str, str]:
        domains = {name: name for name in sets}
        for line in told:
            name, sign, domain = line.partition("=")
            if not (sign and domain and name in sets):
                raise CommandError(f"--domain {line}: write it as SET=DOMAIN, with the name of a folder given here.")
            domains[name] = domain
        return domains

    def _measured(
        self, name: str, sets: Sets, domains: dict[str, str], tell: trial.Tell | None, sampled: bool
    ) -> SetFigures:
        content = sets[name]
        unrelated = [
            text
            for other, theirs in sets.items()
            if domains[other] != domains[name]
            for text in dict.fromkeys(theirs.queries[query] for query in theirs.judgements)
        ]
        if tell:
            tell(f"{name}: {len(content.documents)} documents, {len(content.judgements)} queries")
        with trial.indexed(content, tell) as run:
            scores, kept, rejected = run.scores(), run.kept(), run.rejected(unrelated)
        sample = 0.0
        if sampled:
            with trial.indexed(evaluation.sample(content)) as run:
                found = evaluation.measure(run.rankings("hybrid"), run.content.judgements)
                sample = found[figures.MEASURE]
        size = len(content.documents), len(content.judgements)
        return SetFigures(name, domains[name], *size, scores, kept, rejected, sample)

    def _print(self, result: Figures, as_json: bool) -> None:
        if as_json:
            self.stdout.write(result.as_json())
            return
        for one in result.sets:
            self.stdout.write(f"{one.name:24}" + "".join(f"{name:>12}" for name in evaluation.MEASURES))
            for mode, measured in one.scores.items():
                values = "".join(f"{measured[name]:12.3f}" for name in evaluation.MEASURES)
                self.stdout.write(f"  {mode:22}{values}")
            rule = "held" if one.holds else "missed"
            self.stdout.write(f"  both over the better leg: {one.margin:+.3f} (at least −{figures.RULE}): {rule}")
            self.stdout.write(f"  kept {figures.share(one.kept)}, unrelated rejected {figures.share(one.rejected)}\n")
        means = ", ".join(f"{mode} {result.mean(mode):.3f}" for mode in trial.MODES)
        self.stdout.write(f"mean nDCG@10: {means}")
        self.stdout.write(
            f"floor, pooled: kept {figures.share(result.kept)}, unrelated rejected {figures.share(result.rejected)}"
        )
