"""The only place that speaks SQS."""
