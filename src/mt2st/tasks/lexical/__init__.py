"""What word lists teach: the paper's four auxiliary objectives, each with a gradient.

A file an objective: the pure function on tensors first, then the task that draws batches of a list and carries the
function's gradient to the rows of the shared table. `offset` (UPDATE 0, eq. 6), `alignment` (UPDATE 1, eq. 7),
`analogy` (UPDATE 2, eq. 8), `similarity` (UPDATE 3, algorithm 3). All need torch; `known` (words to rows) does not.
"""
