"""The scikit-learn interface of mt2st: a layer above training, below the command line.

`mt2st.TextClassifier`, `mt2st.TextVectorizer` and `mt2st.TokenTagger` are its estimators, `mt2st.load` reads those that
were saved, and `mt2st.autotune` finds their settings. These are in modules here; their parts are in packages:

``inputs``
    Checks of what users give.
``fitting``
    The phases of the classifier's fit.
``tagging``
    The phases of the tagger's fit.
``outputs``
    Scores, explanations and reports of a finished model.
``saving``, ``tuning``
    Models as folders; the search for settings.
"""
