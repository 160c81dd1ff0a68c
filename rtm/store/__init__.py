"""The store: the only place that speaks SQL, and the input log in Parquet."""
