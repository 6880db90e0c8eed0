"""``python -m mt2st``."""

from mt2st.cli.app import main

if __name__ == "__main__":  # worker processes of a comparison import this file anew
    main()
