"""The scikit-learn face of mt2st: a layer above training, below the command line.

`mt2st.TextClassifier`, `mt2st.TextVectorizer` and `mt2st.TokenTagger` are its estimators, `mt2st.load` reads those that
were saved, and `mt2st.autotune` finds their settings. They stand here. What they are made of lies in packages:

``inputs``
    What people give, checked.
``fitting``
    The classifier's phases.
``tagging``
    The tagger's.
``telling``
    What a finished model says.
``saving``, ``tuning``
    Models as folders; the search for settings.
"""
