"""What dbt says of a node, as a run tells it.

Belongs here: how dbt's events become results and stops. Does not belong here: a whole
build (test_dbt_build.py).
"""

from types import SimpleNamespace

from orchestration.dbt_runner import NodeResult, node_result, stop_of

BROKEN = """Runtime Error in model cells (models/cells.sql)
  INTERNAL Error: a column changed identity

  Stack Trace:

  /somewhere/site-packages/_duckdb.so(+0x1a46391) [0x7ff4ec846391]"""
INVALIDATED = """Runtime Error in test cells_are_whole (models/cells.yml)
  FATAL Error: Failed: database has been invalidated because of a previous fatal error.
  The database must be restarted prior to being used again.
  Original error: "a column changed identity\""""


def finished(name: str, status: str, message: str) -> NodeResult:
    """A node that dbt has finished with."""
    run = SimpleNamespace(
        message=message, num_failures=None, execution_time=0.5, status=status
    )
    node = SimpleNamespace(unique_id=name, node_status=status)
    return node_result(SimpleNamespace(run_result=run, node_info=node))


def test_an_internal_error_is_told_once_and_without_the_stack():
    broken = finished("model.blueprint.cells", "error", BROKEN)
    later = finished("test.blueprint.cells_are_whole", "error", INVALIDATED)
    assert broken.is_bad
    assert (later.status, later.is_bad) == ("skipped", False)
    assert str(stop_of([broken])) == (
        "model cells: Runtime Error in model cells (models/cells.sql) "
        "INTERNAL Error: a column changed identity"
    )


def test_a_node_that_ended_well_keeps_its_status():
    assert finished("model.blueprint.cells", "success", "OK").status == "success"
    assert finished("test.blueprint.t", "fail", "Got 3 results").is_bad
