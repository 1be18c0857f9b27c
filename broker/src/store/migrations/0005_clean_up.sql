-- A result that goes takes the row with it that names it as the latest: without an index, each looks at all of them.

CREATE INDEX latest_results_by_result ON latest_results (result_id);
