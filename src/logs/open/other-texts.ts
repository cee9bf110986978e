/**
 * Recognises texts that tools make of Windows events and that winnow does not read. They keep only a message for people, or
 * fields of another schema. In: the beginning of a text. Out: what it is and what to export instead; null for any other text.
 */

interface OtherText {
  readonly seen: string;
  readonly hint: string;
  readonly pattern: RegExp;
}

const FORWARD = 'Forward or export the events as JSON or XML, which keep the data of events.';
const POWERSHELL = 'Export XML: Get-WinEvent ... | ForEach-Object { $_.ToXml() }, or the log itself: wevtutil epl LOG FILE.evtx';
/** What a syslog server writes before each line: priority, time, host. */
const SYSLOG = String.raw`(?:^|\n)[^\n]{0,200}`;

const OTHER_TEXTS: readonly OtherText[] = [
  { seen: 'CEF (ArcSight)', hint: FORWARD, pattern: new RegExp(`${SYSLOG}\\bCEF:[01]\\|`) },
  { seen: 'LEEF (QRadar)', hint: FORWARD, pattern: new RegExp(`${SYSLOG}\\bLEEF:[12]\\.0\\|`) },
  { seen: 'events of a QRadar agent (WinCollect)', hint: FORWARD, pattern: new RegExp(`${SYSLOG}\\bAgentDevice=`) },
  { seen: 'Snare events (MSWinEventLog)', hint: FORWARD, pattern: new RegExp(`${SYSLOG}\\bMSWinEventLog[\\t ;,]`) },
  {
    seen: 'the text form of wevtutil',
    hint: 'Use wevtutil qe LOG /f:xml, or export the log itself: wevtutil epl LOG FILE.evtx',
    pattern: /^\s*Event\[\d+\]:?\s*\n/,
  },
  {
    seen: 'a list or table that PowerShell has printed',
    hint: POWERSHELL,
    pattern:
      /^\s*(?:TimeCreated|ProviderName|Index|EventID|Id|Message|LogName) *: |^\s*(?:ProviderName: |-{3,})|\n *-{4,} +-{2,} +-{4,}/,
  },
];

export function otherText(text: string): { readonly seen: string; readonly hint: string } | null {
  return OTHER_TEXTS.find(({ pattern }) => pattern.test(text)) ?? null;
}
