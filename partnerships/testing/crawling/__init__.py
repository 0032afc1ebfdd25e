"""Following the portal as its people do, and pressing everything that one of them found as all the others.

`crawl` walks as one person; `replay` asks for what the others found. What may be seen is asked of
`visible_to` of the model behind a uid, never of a view. Apps that come later are covered by themselves:
starts are all addresses without a parameter, verbs of the API are those of its routes, rows are those of
every model with a uid.
"""

from partnerships.testing.crawling.crawler import Crawler
from partnerships.testing.crawling.measure import GLANCE, SAMPLE, WHOLE, WIDE, Measure, Report
from partnerships.testing.crawling.sight import Sight

__all__ = ["GLANCE", "SAMPLE", "WHOLE", "WIDE", "Crawler", "Measure", "Report", "Sight"]
