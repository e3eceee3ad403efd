/**
 * Whether a text is worded as an order to a model or an agent that reads it. Nothing follows such orders in any case: text of documents is
 * data wherever it goes. This only lets whoever shows it say so.
 */
export function givesOrders(text: string): boolean {
  return ORDERS.some((order) => order.test(text));
}

const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|preceding|all|your|system|these)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|orders|guidelines|context|messages?|polic(?:y|ies))\b/i,
  /\b(?:new|updated|real|actual) (?:system )?(?:instructions?|prompt)\s*:/i,
  /\byou are (?:now|no longer) (?:an?|the|in|bound|allowed|free|DAN)\b/i,
  /\b(?:reveal|print|repeat|show|output|leak)\b[^.\n]{0,30}\b(?:system prompt|your (?:instructions|prompt|rules))\b/i,
  /\b(?:assistant|agent|model|AI|LLM)s?\b[^.\n]{0,30}\b(?:must|shall|should) (?:now |always |immediately )?(?:approve|obey|execute|run|delete|ignore|answer|reply|comply)\b/i,
  /\b(?:approve|apply|run|execute|delete)\b[^.\n]{0,60}\bwithout (?:asking|approval|confirmation|telling|a dry run)\b/i,
  /\b(?:do not|don't|never) (?:tell|inform|mention|warn)[^.\n]{0,20}\b(?:the )?(?:user|operator|person|human)s?\b/i,
  /<\|(?:im_start|im_end|system|endoftext)\|>|\[\/?INST\]|<<SYS>>|^\s*#{2,}\s*(?:system|instruction)s?\s*:?\s*$/im,
];
