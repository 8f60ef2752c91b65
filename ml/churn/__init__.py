"""Who will not buy again, how soon, why, and what to do about it: `run_churn`."""

from ml.churn.run import ChurnRun, run_churn
from ml.churn.settings import ChurnSettings

__all__ = ["ChurnRun", "ChurnSettings", "run_churn"]
