"""What a model says when it cannot be fitted.

ModelError
└── NotModelledError   the data do not carry the model; `reason` says why, in one word
"""


class ModelError(Exception):
    """Base of the models' own errors."""


class NotModelledError(ModelError, ValueError):
    """The data do not carry the model.

    Attributes:
        reason: Why, as a key that goes into the tables: `fewer_customers_than_clusters`.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
