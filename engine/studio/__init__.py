"""The studio: managers change the process, and move running cases to it.

Four doors of the office, each with its commands and its reads: `drafts` (change, check,
review, publish, roll back), `rehearsals` (stories, cases played by hand, answers told
again), `migrations` (running cases move to a new version) and `statistics` (how the
work stands on a diagram). Managers only; legal may review."""
