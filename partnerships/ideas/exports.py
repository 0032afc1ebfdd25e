"""The list of cooperation ideas, to be taken away."""

from partnerships.common.lists import offer
from partnerships.ideas.views import IDEAS

offer(IDEAS)
