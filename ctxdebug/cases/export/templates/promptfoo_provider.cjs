// Asks an OpenAI-compatible endpoint for the answer to a frozen case. Captured text is data here, never a template.
const fs = require('fs');
const path = require('path');

const cases = JSON.parse(fs.readFileSync(path.join(__dirname, 'ctxdebug_cases.json'), 'utf8'));

// the conversation as promptfoo shows it: a role and words a message; promptfoo shows it after its templates were filled in
function shown(message) {
  const words = typeof message.content === 'string' ? message.content : JSON.stringify(message.content || '');
  const calls = (message.tool_calls || []).map((call) => `(calls ${call.function.name} with ${call.function.arguments})`);
  return { role: message.role, content: [words === '""' ? '' : words, ...calls].filter(Boolean).join('\n') };
}

module.exports = class CtxdebugProvider {
  constructor(options) {
    this.config = (options && options.config) || {};
  }

  id() {
    return 'ctxdebug';
  }

  async callApi(prompt, context) {
    const id = (context && context.vars && context.vars.case) || prompt;
    const held = Object.prototype.hasOwnProperty.call(cases, id) ? cases[id] : null;
    if (!held) {
      return { error: `no case ${id}` };
    }
    const base = (process.env.CTXDEBUG_ENDPOINT || process.env.OPENAI_BASE_URL || 'https://api.openai.com/v1').replace(/\/+$/, '');
    const model = process.env.CTXDEBUG_MODEL || this.config.model || held.body.model;
    const headers = { 'content-type': 'application/json' };
    if (process.env.OPENAI_API_KEY) {
      headers.authorization = `Bearer ${process.env.OPENAI_API_KEY}`;
    }
    const body = JSON.stringify({ ...held.body, model });
    const reply = await fetch(`${base}/chat/completions`, { method: 'POST', headers, body, redirect: 'error' });
    if (!reply.ok) {
      return { error: `the endpoint answered ${reply.status}` };
    }
    const data = await reply.json();
    const message = data.choices && data.choices[0] && data.choices[0].message;
    if (!message) {
      return { error: 'the reply holds no answer' };
    }
    const calls = (message.tool_calls || []).map((call) => ({ name: call.function.name, arguments: call.function.arguments }));
    const usage = data.usage || {};
    return {
      prompt: (held.body.messages || []).map(shown),
      output: JSON.stringify({ answer: message.content || message.refusal || '', calls }),
      tokenUsage: { total: usage.total_tokens, prompt: usage.prompt_tokens, completion: usage.completion_tokens },
    };
  }
};
