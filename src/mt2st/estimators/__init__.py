"""The scikit-learn face of mt2st: a layer above training, below the command line.

It holds no estimator yet; `mt2st.models.TextModel` predicts from texts.
"""
