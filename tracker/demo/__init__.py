"""An invented county, what its leaders promised, and what became of it.

`county` holds the units and the people, `dates` the days, `speeches/` the three texts, `story`
what happened since. Everything is reckoned from the day the demo runs, so that it never goes stale.
"""
