"""The page of each state: one sentence, at most one large button. Pure: inputs in, page out."""
