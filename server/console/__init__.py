"""The web console: pages under /console of the catalog's port, rendered on the server.

How a page comes into being. Nothing outside its own files is touched:

1.  `pages/<noun>.py` with a `router = APIRouter()`; paths are below /console. Where the page has
    a place in the navigation, it says so: `ENTRY = Entry("Costs", "/costs", "coin", 90)`; an entry
    of the navigation exists because its page does. `icon` is a name of
    `templates/parts/icons.html`.
2.  A route answers with `page(request, "pages/costs.html", title="Costs", found=found)`. It calls
    the operations of the API as the functions they are (`await list_sources(services, query)`), or
    the repositories of `Running`; no logic is written twice, and the console asks nothing by HTTP.
    Who looks is `Asker`, who changes something is `Writer` or `Decider`, as in the API.
3.  `templates/pages/costs.html` extends `layout.html` and fills `block main`. All is escaped;
    `|safe` is forbidden. Addresses are made by `at("sources", name, tab="schema")`, never by hand.
    Pieces are in `templates/parts/pieces.html` (badges, scores, tables, empty states, paging, bars)
    and figures in filters (`number`, `percent`, `size`, `ago`, `person`). No `style=` and no inline
    script: the policy of every page forbids them. Lengths of bars are SVG (`pieces.bar`).
4.  A change is a `<form method="post">` with `{{ csrf_field() }}`; its route takes `Posted`, whose
    `text("name")` has the fields, and answers `see_other(at(...), said="Done.")`. Every POST is
    refused without the token, before the route runs.
5.  An error is raised as in the API; a browser gets it as a page that says what to do.

How a pane (tab) of the source page comes into being: `panes/<noun>.py` with
`PANE = Pane("lineage", "Lineage", 60, load)`, and `templates/panes/lineage.html`, which extends
`source.html`, fills `block pane` and gets what
`await load(seen)` returned as `found`, beside `source`. `seen` has the source, services, asker and
the request. A pane loads only when it is looked at: /console/sources/<name>/lineage.

JavaScript only enhances: `static/<name>.js` is an ES module, loaded by
`{% block scripts %}{{ module("lineage.js") }}{% endblock %}`; a page must work without it. It may
call the API (same origin) with the header `X-CSRF-Token` of `<meta name="csrf-token">`. Static
files are addressed by the hash of all of them, so browsers keep them for ever; `styles/` is one
sheet, made of its files in the order of their names (a page's own is `6-costs.css`).
"""
