"""What rules remember of earlier records, as hashes: values that were there, for uniqueness in a
topic; and the latest event time of each key, for order in a partition.

Time is cut into buckets of the rule's window; a record is held against its own bucket and those
beside it, so that a memory ends. When a bucket grows beyond its limit, only every second hash, then
every fourth ... is kept: the rule then sees that share of the records.
"""
