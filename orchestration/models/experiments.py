"""The experiments' statistics: read from the mart, written to `ml` as what a model says."""

from __future__ import annotations

from orchestration.lib.warehouse import Reader
from orchestration.models.runs import Clock, ModelReport, Runs, fingerprint, note
from orchestration.models.tables import check_there, mart_name, read_frame, writing

NAME = "experiments"
TABLE = "experiment_results"
MART = "fct_experiment_variants"


def write_experiments(reader: Reader, clock: Clock) -> ModelReport:
    """Analyses every experiment, unless all is as it was at the last time.

    Args:
        reader: Open, with the warehouse for itself.
        clock: UTC without a zone.

    Returns:
        What was done.

    Raises:
        ModelError: The mart was never built.
    """
    from ml.experiments import COLUMNS, INPUT, analyse

    started = clock()
    check_there(reader, ("marts", MART), ("ml", TABLE), ("ml", "model_runs"))
    variants = read_frame(reader, f"select {', '.join(INPUT)} from {mart_name(reader, MART)}")
    prints = {NAME: fingerprint(variants)}
    if Runs(reader).fingerprints(NAME) == prints:
        return ModelReport(NAME, None, "unchanged", None, len(variants), None)
    counts = [column for column in INPUT if column.endswith("_count")]
    found = analyse(variants.astype(dict.fromkeys(counts, "int64")))
    suspicious = found[found["is_split_suspicious"].eq(True)]["experiment_key"]
    report = ModelReport(
        NAME,
        None,
        "no_model" if found.empty else "published",
        "no_experiments" if found.empty else None,
        len(variants),
        None,
        metrics={
            "experiments": int(found["experiment_key"].nunique()),
            "variants": len(found),
            "suspicious splits": sorted(set(suspicious)),
        },
    )
    with writing(reader) as writer:
        writer.delete(TABLE)
        writer.insert(TABLE, found[[*COLUMNS]].assign(analysed_at=clock()))
        note(writer, report, action="score", times=(started, clock()), fingerprints=prints)
    return report
