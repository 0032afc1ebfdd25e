"""Pages of reviews: what I mark, the rounds that I lead, rubrics."""
