"""The Streamlit side: one file a page, thin over plain functions. Only here and in app.py is Streamlit imported."""
