import { defineAgent } from '../../core/agent.ts';
import { bestPractice } from './consultations/best-practice.ts';
import { search } from './consultations/search.ts';
import { similarIncidents } from './consultations/similar-incidents.ts';

/** Knows what is written and what happened before. It watches no cluster and proposes nothing by itself. */
export const documentation = defineAgent({
  id: 'documentation',
  title: 'DocumentationAgent',
  description: 'Remembers past incidents and what helped, finds what is written about it, and drafts runbooks for people to accept.',
  icon: 'book-open',
  checks: [],
  remedies: [],
  offers: { similarIncidents, bestPractice, search },
});
