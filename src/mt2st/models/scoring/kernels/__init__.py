"""What Numba compiles of `mt2st.models.scoring`."""
