"""The part of `mt2st.models.scoring` that Numba compiles."""
