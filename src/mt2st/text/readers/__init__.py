"""One reader per format: each turns decoded lines into examples and leaves bad rows to `mt2st.text.rows.Rows`."""
