/** Keys that records of event logs have, in any exporter's shape. */
const EVENT_KEYS =
  /"(?:Event|System|EventData|EventID|EventId|event_id|event\.code|EventCode|winlog[^"]*|Channel|LogName|log_name|ProviderName|Provider_Name|SourceName|EventRecordID|@timestamp|_raw)"\s*:/;

/** True for JSON text that looks like a log rather than like one of the many other things that are JSON. */
export function hasEventKeys(text: string): boolean {
  return EVENT_KEYS.test(text);
}

/** True for a key that says which event an object is; a list of records, or what a store puts around a record, has none. */
export function isIdentityKey(key: string): boolean {
  return IDENTITY_KEY.test(key);
}

const IDENTITY_KEY = /^(?:eventid|event_id|eventcode|system|eventdata|winlog|channel|logname|log_name)$/i;
