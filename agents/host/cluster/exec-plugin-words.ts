import { redact } from '../../core/redact.ts';

/** What a login says to the person, made fit to be shown and kept: no tokens, no terminal codes; addresses and device codes stay. */

const URL_TEXT = /https?:\/\/[^\s"'<>`]+/g;
/** Parameters that are the login itself. `user_code`, `state` and `code_challenge` are of no use to anybody else. */
const SECRET =
  /^(?:access_token|id_token|refresh_token|token|client_secret|client_assertion|password|secret|code|code_verifier|device_code|assertion)$/i;
const TERMINAL_CODES = new RegExp(String.raw`\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])`, 'g');
const CONTROLS = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f]`, 'g');

export function asksSomething(text: string): boolean {
  return /https?:\/\/[^\s]/.test(text);
}

export function signInWords(text: string): string {
  const plain = text.replaceAll('\r\n', '\n').replace(TERMINAL_CODES, '').replace(CONTROLS, '');
  let words = '';
  let at = 0;
  for (const found of plain.matchAll(URL_TEXT)) {
    words += redact(plain.slice(at, found.index)) + urlWords(found[0]);
    at = found.index + found[0].length;
  }
  return words + redact(plain.slice(at));
}

/** The address as it is, for it must work when it is opened; only what would be a login by itself is masked. */
function urlWords(url: string): string {
  const bare = url.replace(/^(https?:\/\/)[^/?#@]*@/, '$1').replace(/\beyJ[\w-]{8,}\.[\w-]{4,}\.[\w-]*/g, '[masked]');
  return bare.replace(/([?&#;])([\w.-]+)=([^&#;]*)/g, (all, before: string, name: string) =>
    SECRET.test(name) ? `${before}${name}=[masked]` : all,
  );
}
