"""Components: what runs in the browser, each a Streamlit component with its JavaScript."""
