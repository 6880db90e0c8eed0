"""Reports of a run: the HTML page, the comparison of strategies, the model card."""

from mt2st.report.card import model_card
from mt2st.report.comparison import plot_comparison
from mt2st.report.findings import Coverage, Findings, Group
from mt2st.report.judged import findings_page, write_findings
from mt2st.report.page import write_report

__all__ = [
    "Coverage",
    "Findings",
    "Group",
    "findings_page",
    "model_card",
    "plot_comparison",
    "write_findings",
    "write_report",
]
