"""A direction with rows of a few people, to prove how the portal puts together what directions give."""
