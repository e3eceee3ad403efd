import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const SCRIPT = `
const show = async (token) => {
  const answer = await fetch('/api/openapi.json', { headers: { authorization: 'Bearer ' + token } });
  const list = document.getElementById('list');
  list.replaceChildren();
  if (!answer.ok) { list.textContent = 'That token is not the right one.'; return; }
  const { paths } = await answer.json();
  for (const [path, methods] of Object.entries(paths)) for (const [method, op] of Object.entries(methods)) {
    const row = document.createElement('details');
    const head = document.createElement('summary');
    head.textContent = method.toUpperCase() + ' /api/v1' + path + '  ' + (op.summary ?? '');
    const body = document.createElement('pre');
    body.textContent = JSON.stringify({ parameters: op.parameters, requestBody: op.requestBody, responses: op.responses }, null, 2);
    row.append(head, body);
    list.append(row);
  }
};
document.getElementById('token').addEventListener('change', (e) => show(e.target.value.trim()));
const given = new URLSearchParams(location.hash.slice(1)).get('token');
if (given) { document.getElementById('token').value = given; show(given); }
`;
const STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}summary{font-family:ui-monospace,monospace;padding:.3rem 0;cursor:pointer}pre{overflow:auto;font-size:12px}input{font:inherit;width:32rem;max-width:100%}`;
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Quarterdeck API</title><style>${STYLE}</style><h1>Quarterdeck API</h1>
<p>Every call carries the header <code>Authorization: Bearer TOKEN</code>. The description is at <code>/api/openapi.json</code> (OpenAPI 3.1).</p>
<p><label>Token <input id="token" autocomplete="off" spellcheck="false"></label></p><div id="list"></div><script>${SCRIPT}</script></html>`;
const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const POLICY = `default-src 'none'; script-src ${hash(SCRIPT)}; style-src ${hash(STYLE)}; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** A page to browse the API with: built from the OpenAPI document, nothing fetched from elsewhere. */
export function docsPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY });
  response.end(PAGE);
}
