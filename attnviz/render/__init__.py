"""Results as words, HTML and figures. Nothing here displays, and nothing here knows Streamlit or TensorFlow."""
