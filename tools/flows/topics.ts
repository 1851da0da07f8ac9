import type { Story } from './story.ts'

/** Pages about something else than a flow. */
export const TOPICS = {
  dpop: {
    prepare(sim) {
      sim.updateApp(sim.app().clientId, { dpop: 'required', dpopNonce: true })
      return {}
    },
    ends: 'with the key: 200, without it: 401',
  },
} satisfies Record<string, Story>
