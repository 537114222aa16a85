"""`voltyard bench`: what this machine makes of Voltyard, between a floor and a yardstick taken in the same run.

`meter_values`, `fleet`, `commands` and `big_table` take figures; `lab` owns the processes that are measured; `cpu` and
`machine` read the kernel's books; `figures` and `report` say what was reached. `floor`, `yardstick`, `postgres` and
`load` are processes of their own. How each figure is taken is told in docs/performance.md.
"""
