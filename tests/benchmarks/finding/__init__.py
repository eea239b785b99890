"""The parts of `tests.benchmarks.search`: what each file measures stands at its top."""
