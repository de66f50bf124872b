"""Server: what it serves beside the page, loading Keras, and what Streamlit keeps private."""
