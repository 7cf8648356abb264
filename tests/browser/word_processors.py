"""What word processors put on the clipboard, cut down to one of each thing."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {font-family:"Calibri",sans-serif;}
@list l0:level1 {mso-level-number-format:bullet; mso-level-text:o;} --></style></head>
<body lang=DE style='tab-interval:35.4pt'><!--StartFragment-->
<h1><span lang=EN-GB style='mso-ansi-language:EN-GB'>Against the cuts<o:p></o:p></span></h1>
<p class=MsoNormal style='text-indent:12pt'><b><span lang=EN-GB style='font-size:12.0pt;
font-family:"Times New Roman",serif;color:#C00000'>We</span></b><span lang=EN-GB> reject the
<i>cuts</i> of 3&nbsp;March.<o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-GB><o:p>&nbsp;</o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span lang=EN-GB style='font-family:Symbol'><span style='mso-list:Ignore'>·
<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>
<span lang=EN-GB>Withdraw the cuts<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span lang=EN-GB style='font-family:Symbol'><span style='mso-list:Ignore'>·
<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>
<span lang=EN-GB>Reinstate <a href="https://example.org/katya"><span
style='color:windowtext'>Katya</span></a><o:p></o:p></span></p>
<p class=MsoListParagraphCxSpLast style='margin-left:72.0pt;mso-list:l0 level2 lfo1'>
<![if !supportLists]><span lang=EN-GB style='font-family:"Courier New"'>
<span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp; </span></span>
</span><![endif]><span lang=EN-GB>with back pay<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'>
<![if !supportLists]><span lang=EN-GB><span style='mso-list:Ignore'>1.
<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>
<span lang=EN-GB>First step<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'>
<![if !supportLists]><span lang=EN-GB><span style='mso-list:Ignore'>2.
<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>
<span lang=EN-GB>Second step<o:p></o:p></span></p>
<p class=MsoNormal><span lang=EN-GB>See the agreement<a style='mso-footnote-id:ftn1'
href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference><span
style='mso-special-character:footnote'>[1]</span></span></a>.<o:p></o:p></span></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse;border:none'>
<tr style='mso-yfti-irow:0'><td width=302 valign=top style='width:226.55pt'>
<p class=MsoNormal><b><span lang=EN-GB>Depot<o:p></o:p></span></b></p></td>
<td width=302 valign=top><p class=MsoNormal><span lang=EN-GB>12&nbsp;%<o:p></o:p></span></p></td>
</tr></table><!--EndFragment--></body></html>"""

LIBREOFFICE = """<!DOCTYPE html><html><head>
<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>
<style type="text/css">p { line-height: 115%; margin-bottom: 0.25cm }</style></head>
<body lang="de-DE" link="#000080" dir="ltr"><h1 class="western">Against the cuts</h1>
<h2 class="western">Why</h2>
<p style="line-height: 100%; margin-bottom: 0cm"><font face="Liberation Serif, serif">
<font size="3" style="font-size: 12pt"><span lang="en-GB"><b>We</b></span></font></font>
<span lang="en-GB">reject the <i>cuts</i>.</span></p>
<p style="line-height: 100%"><br/></p>
<ul><li><p style="line-height: 100%; margin-bottom: 0cm">Withdraw the cuts</p></li></ul>
<p><font color="#ff0000">red</font> <strike>struck</strike> x<sup>2</sup></p></body></html>"""

GOOGLE = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-0a1b2c3d-7fff">'
    '<h1 dir="ltr" style="line-height:1.38;"><span style="font-size:20pt;font-weight:400;">'
    "Against the cuts</span></h1>"
    '<p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-weight:700;">We'
    '</span><span style="font-weight:400;white-space:pre-wrap;"> reject the </span>'
    '<span style="font-weight:400;font-style:italic;">cuts</span>'
    '<span style="font-weight:400;">.</span></p><br />'
    '<ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1">'
    '<p dir="ltr" role="presentation"><span style="font-weight:400;">Reinstate</span>'
    '<a href="https://www.google.com/url?q=https://example.org/katya&amp;sa=D">'
    '<span style="text-decoration:underline;"> Katya</span></a></p></li></ul>'
    '<div dir="ltr" align="left"><table style="border:none;"><tbody><tr><td>'
    '<p dir="ltr"><span style="font-weight:400;">Depot</span></p></td></tr></tbody></table></div>'
    '</b><br class="Apple-interchange-newline">'
)
