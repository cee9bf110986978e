/** The tags of the Windows Event schema as bytes. */

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
export const SYSTEM_OPEN = ascii('<System>');
export const SYSTEM_CLOSE = ascii('</System>');
export const EVENT_CLOSE = ascii('</Event>');
export const DATA_OPEN = ascii('<Data');
export const DATA_CLOSE = ascii('</Data>');
export const NAME_ATTRIBUTE = ascii(' Name=');
export const EVENT_DATA = ascii('<EventData');
export const EVENT_DATA_CLOSE = ascii('</EventData>');
export const USER_DATA = ascii('<UserData');
export const USER_DATA_CLOSE = ascii('</UserData>');
export const RENDERING = ascii('<RenderingInfo');
export const RENDERING_CLOSE = Buffer.from('</RenderingInfo>');
