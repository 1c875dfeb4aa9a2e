/**
 * What a block may know of where it stands, and do there.
 *
 * @typedef {Record<string, any>} Block
 * @typedef {Record<string, any>} Element
 * @typedef {Record<string, any>} Entry  what an element holds, such as {type, selected_option}
 *
 * @typedef {object} Names
 * @property {(id: string) => string} userName
 * @property {(id: string) => string} channelName
 * @property {string} me
 * @property {() => {id: string, name: string, is_bot?: boolean}[]} people
 * @property {() => {id: string, name: string}[]} publicChannels
 *
 * @typedef {object} Host
 * @property {Names} names
 * @property {(blockId: string, actionId: string, entry: Entry) => Promise<void>} act
 *   tells the bot; resolves once it has acknowledged
 * @property {(blockId: string, actionId: string, entry: Entry) => void} hold
 *   remembers what was entered, without telling
 * @property {(blockId: string, actionId: string) => Entry | undefined} held
 */
export {};
