/** Keys that records of event logs have, whichever exporter wrote them. */
const EVENT_KEYS =
  /"(?:Event|System|EventData|EventID|EventId|event_id|event\.code|EventCode|winlog[^"]*|Channel|LogName|log_name|ProviderName|Provider_Name|SourceName|EventRecordID|@timestamp|_raw)"\s*:/;

/** True for JSON text that looks like an event log. JSON is used for many other things. */
export function hasEventKeys(text: string): boolean {
  return EVENT_KEYS.test(text);
}

/**
 * True for a key that identifies an event. Neither a list of records nor the envelope that a database puts around a record has
 * such a key.
 */
export function isIdentityKey(key: string): boolean {
  return IDENTITY_KEY.test(key);
}

const IDENTITY_KEY = /^(?:eventid|event_id|eventcode|system|eventdata|winlog|channel|logname|log_name)$/i;
