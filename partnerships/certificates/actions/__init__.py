"""The verbs: issuing, revoking, drawing up anew; many at once."""

from partnerships.certificates.actions.batches import run_batch, start_batch
from partnerships.certificates.actions.issuing import ManyIssued, issue, issue_many, reissue, revoke

__all__ = ["ManyIssued", "issue", "issue_many", "reissue", "revoke", "run_batch", "start_batch"]
