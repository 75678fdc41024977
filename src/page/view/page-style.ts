/** Colours are those of the picture, whose style stands in the page as well (src/presenters/map/svg-canvas.ts). */
export const pageStyle = `
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--line:#dfe4ea;--good:#1a7f4b;--bad:#b42318;--soft:#fdf0ee;--mild:#eef7f1;--accent:#2563a8}
@media (prefers-color-scheme:dark){:root{--page:#0c0f13;--card:#12161c;--line:#262e38;--good:#5cc98f;--bad:#ff8f80;--soft:#2a1816;--mild:#12241a;--accent:#7db4f0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1400px;padding:0 20px 24px;background:var(--page);color:var(--ink,CanvasText);font:14px/1.5 ui-sans-serif,system-ui,"DejaVu Sans",sans-serif}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 20px;padding:18px 2px 10px}
h1{font-size:20px;margin:0}h2{font-size:15px;margin:0 0 10px}h3{font-size:13px;margin:14px 0 6px}header p{margin:0}
#state{margin-left:auto;color:var(--dim)}#state::before{content:"";display:inline-block;width:8px;height:8px;border-radius:50%;background:var(--wire);margin-right:7px}
#state.live::before{background:var(--good)}#state.lost{color:var(--bad)}#state.lost::before{background:var(--bad)}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin-bottom:16px;min-width:0}
.columns{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 16px}
.quiet{color:var(--dim)}.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}p{margin:0 0 8px}
.picture{overflow-x:auto;padding-bottom:4px}.picture svg{display:block}
.picture [role=button]{cursor:pointer;pointer-events:bounding-box;outline:0}
.picture [role=button]:focus-visible,.picture [role=button].chosen{outline:2px solid var(--accent);outline-offset:4px;border-radius:4px}
.picture .chosen .box,.picture .chosen .net{stroke:var(--accent);stroke-width:2.5}
.picture .new .dot,.picture .new .box{animation:come 1.4s ease-out 2}@keyframes come{from{stroke:var(--good);stroke-width:9}}
@media (prefers-reduced-motion:reduce){.picture .new *{animation:none}}
#choice:empty{display:none}
details{margin-top:8px}summary{cursor:pointer;color:var(--dim)}
table{border-collapse:collapse;width:100%;margin-bottom:12px}caption{text-align:left;color:var(--dim);padding-bottom:4px}
th,td{text-align:left;padding:5px 12px 5px 0;border-top:1px solid var(--line);vertical-align:top;font-weight:400}thead th{border:0;color:var(--dim);font-size:12px}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td.line{width:132px;padding-right:0}
td svg{display:block;fill:none;stroke:hsl(var(--h) var(--sat) var(--deep));stroke-width:1.5;margin-left:auto}
td ul{list-style:none;margin:0;padding:0}tr.faded{opacity:.55}.wide{overflow-x:auto}
.swatch{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px;background:hsl(var(--h) var(--sat) var(--deep))}
code,pre{font:12px/1.5 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}.word{overflow-wrap:anywhere}
bdi.word{display:inline-block;max-width:min(28ch,100%);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:bottom}h1 bdi.word,.answer bdi.word{max-width:100%}
form{display:flex;flex-wrap:wrap;gap:8px;align-items:end;margin-bottom:12px}label{flex:1 1 130px;color:var(--dim);font-size:12px}
input,button{font:inherit;font-size:14px;padding:7px 10px;border-radius:7px;border:1px solid var(--wire);background:var(--card);color:var(--ink,CanvasText)}
input{display:block;width:100%}button{background:var(--accent);border-color:var(--accent);color:var(--card);font-weight:600;cursor:pointer}
a{color:var(--accent)}a.bad{color:var(--bad)}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.verdict{border-left:4px solid var(--wire);border-radius:6px;padding:10px 14px;margin-bottom:10px;background:var(--page)}.verdict p:last-child{margin:0}.answer{font-size:16px;font-weight:600}
.reached{border-color:var(--good);background:var(--mild)}.refused{border-color:var(--bad);background:var(--soft)}
.others a{margin-right:8px}
.hops{margin:0;padding-left:24px}.hops li{padding:4px 0}.hops b{margin-right:8px}.hops code{display:block;color:var(--dim)}.hops span.bad{display:block}
.hops .decides{color:var(--bad)}.hops .decides code{color:var(--bad)}.caution{margin-top:8px}
.drifts{color:var(--bad);margin:0;padding-left:20px;overflow-wrap:anywhere}
pre.plan{background:var(--page);border-radius:7px;padding:10px 12px;margin:0;max-height:320px;overflow:auto;white-space:pre-wrap}
.changes{list-style:none;margin:0;padding:0;max-height:320px;overflow:auto}.changes li{padding:2px 0}.changes time{color:var(--dim);font-variant-numeric:tabular-nums;margin-right:6px}
.skip,.unseen{position:absolute;left:-10000px}.skip:focus{left:20px;top:8px;background:var(--card);padding:4px 10px}
@media (max-width:820px){body{padding:0 10px 16px}section{padding:12px}.columns{grid-template-columns:minmax(0,1fr)}}
@media (max-width:520px){thead{position:absolute;left:-10000px}tr{display:block;border-top:1px solid var(--line);padding:6px 0}th[scope=row]{display:block;border:0;padding:1px 0}td{display:inline-flex;gap:6px;border:0;padding:1px 14px 1px 0;text-align:left;width:auto}td[data-of]::before{content:attr(data-of);color:var(--dim)}td.line{display:none}#state{margin-left:0}}
@media print{body{max-width:none}form,.skip,#state{display:none}}
`.trim();

export const pageIcon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2563a8"/><path d="M6 11H26M6 21H26" stroke="#fff" stroke-width="3" stroke-linecap="round"/><circle cx="12" cy="11" r="4" fill="#fff"/><circle cx="20" cy="21" r="4" fill="#fff"/></svg>';
