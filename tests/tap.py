"""A pytest plugin that prints the results in TAP after the output of pytest."""

_results = []


def _note(good, name, directive=""):
    number = len(_results) + 1
    name = name.replace("#", "")[:150]
    _results.append(f"{'ok' if good else 'not ok'} {number} - {name}{directive}")


def pytest_runtest_logreport(report):
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "expected to fail"
        _note(True, report.nodeid, f" # SKIP {reason}".replace("\n", " "))
    elif report.failed or report.when == "call":
        name = report.nodeid if report.when == "call" else f"{report.nodeid} ({report.when})"
        _note(report.passed, name)


def pytest_collectreport(report):
    if report.failed:
        _note(False, f"{report.nodeid} (collecting)")


def pytest_unconfigure(config):
    if not config.option.collectonly:
        print("\n".join([*_results, f"1..{len(_results)}"]), flush=True)
