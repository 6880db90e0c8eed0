from __future__ import annotations

import bz2
import io

from mt2st.datasets.wikipedia import read_dump

DUMP = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">
<siteinfo><sitename>Wikipedia</sitename></siteinfo>
<page><title>A</title><ns>0</ns><revision><text>One [[two]].

&lt;ref&gt;x&lt;/ref&gt;Three.</text></revision></page>
<page><title>B</title><ns>0</ns><revision><text>#REDIRECT [[A]]</text></revision></page>
<page><title>Talk:A</title><ns>1</ns><revision><text>chatter</text></revision></page>
<page><title>C</title><ns>0</ns><revision><text/></revision></page>
<page><title>D</title><ns>0</ns><revision><text>Four.</text></revision></page>
</mediawiki>"""


def test_articles_only() -> None:
    assert list(read_dump(io.BytesIO(bz2.compress(DUMP.encode())))) == ["One two.", "Three.", "Four."]
