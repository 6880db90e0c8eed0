"""What a run leaves for people to read: the HTML page, the comparison of strategies, the model card."""

from mt2st.report.card import model_card
from mt2st.report.comparison import plot_comparison
from mt2st.report.page import write_report

__all__ = ["model_card", "plot_comparison", "write_report"]
