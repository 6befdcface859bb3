import type { NormalPriority, NormalStatus, Term } from '../../../ticket-event/ticket-event.js';
import {
  FRESHDESK_PRIORITIES,
  FRESHDESK_STATUSES,
  JIRA_PRIORITIES,
  JIRA_STATUS_CATEGORIES,
  readTerm,
  SERVICENOW_INCIDENT_STATES,
  SERVICENOW_PRIORITIES,
  type Vocabulary,
  ZENDESK_PRIORITIES,
  ZENDESK_STATUSES,
} from './vocabulary.js';

type Row<Normal extends string> = [string, string, Vocabulary<Normal>, Term<Normal>];

describe('priorities', () => {
  it.each<Row<NormalPriority>>([
    ['Zendesk', 'URGENT', ZENDESK_PRIORITIES, { native: 'URGENT', normal: 'urgent' }],
    ['Zendesk', 'HIGH', ZENDESK_PRIORITIES, { native: 'HIGH', normal: 'high' }],
    ['Zendesk', 'NORMAL', ZENDESK_PRIORITIES, { native: 'NORMAL', normal: 'medium' }],
    ['Zendesk', 'low', ZENDESK_PRIORITIES, { native: 'low', normal: 'low' }],
    ['Freshdesk', '4', FRESHDESK_PRIORITIES, { native: 'Urgent', normal: 'urgent' }],
    ['Freshdesk', '3', FRESHDESK_PRIORITIES, { native: 'High', normal: 'high' }],
    ['Freshdesk', '2', FRESHDESK_PRIORITIES, { native: 'Medium', normal: 'medium' }],
    ['Freshdesk', '1', FRESHDESK_PRIORITIES, { native: 'Low', normal: 'low' }],
    ['Freshdesk', 'Urgent', FRESHDESK_PRIORITIES, { native: 'Urgent', normal: 'urgent' }],
    ['Jira', 'Highest', JIRA_PRIORITIES, { native: 'Highest', normal: 'urgent' }],
    ['Jira', 'Blocker', JIRA_PRIORITIES, { native: 'Blocker', normal: 'urgent' }],
    ['Jira', 'Critical', JIRA_PRIORITIES, { native: 'Critical', normal: 'urgent' }],
    ['Jira', 'High', JIRA_PRIORITIES, { native: 'High', normal: 'high' }],
    ['Jira', 'Medium', JIRA_PRIORITIES, { native: 'Medium', normal: 'medium' }],
    ['Jira', 'Major', JIRA_PRIORITIES, { native: 'Major', normal: 'medium' }],
    ['Jira', 'Low', JIRA_PRIORITIES, { native: 'Low', normal: 'low' }],
    ['Jira', 'Lowest', JIRA_PRIORITIES, { native: 'Lowest', normal: 'low' }],
    ['Jira', 'Minor', JIRA_PRIORITIES, { native: 'Minor', normal: 'low' }],
    ['Jira', 'Trivial', JIRA_PRIORITIES, { native: 'Trivial', normal: 'low' }],
    ['Jira', '1', JIRA_PRIORITIES, { native: '1' }],
    ['ServiceNow', '1', SERVICENOW_PRIORITIES, { native: 'Critical', normal: 'urgent' }],
    ['ServiceNow', '2', SERVICENOW_PRIORITIES, { native: 'High', normal: 'high' }],
    ['ServiceNow', '3', SERVICENOW_PRIORITIES, { native: 'Moderate', normal: 'medium' }],
    ['ServiceNow', '4', SERVICENOW_PRIORITIES, { native: 'Low', normal: 'low' }],
    ['ServiceNow', '5', SERVICENOW_PRIORITIES, { native: 'Planning', normal: 'low' }],
    ['ServiceNow', '3 - Moderate', SERVICENOW_PRIORITIES, { native: '3 - Moderate', normal: 'medium' }],
    ['ServiceNow', '6', SERVICENOW_PRIORITIES, { native: '6' }],
  ])('%s: %s', (_platform, spelled, words, term) => {
    expect(readTerm(spelled, words)).toEqual(term);
  });
});

describe('statuses', () => {
  it.each<Row<NormalStatus>>([
    ['Zendesk', 'NEW', ZENDESK_STATUSES, { native: 'NEW', normal: 'open' }],
    ['Zendesk', 'OPEN', ZENDESK_STATUSES, { native: 'OPEN', normal: 'open' }],
    ['Zendesk', 'PENDING', ZENDESK_STATUSES, { native: 'PENDING', normal: 'pending' }],
    ['Zendesk', 'HOLD', ZENDESK_STATUSES, { native: 'HOLD', normal: 'pending' }],
    ['Zendesk', 'SOLVED', ZENDESK_STATUSES, { native: 'SOLVED', normal: 'solved' }],
    ['Zendesk', 'CLOSED', ZENDESK_STATUSES, { native: 'CLOSED', normal: 'closed' }],
    ['Zendesk', 'DELETED', ZENDESK_STATUSES, { native: 'DELETED' }],
    ['Freshdesk', '2', FRESHDESK_STATUSES, { native: 'Open', normal: 'open' }],
    ['Freshdesk', '3', FRESHDESK_STATUSES, { native: 'Pending', normal: 'pending' }],
    ['Freshdesk', '4', FRESHDESK_STATUSES, { native: 'Resolved', normal: 'solved' }],
    ['Freshdesk', '5', FRESHDESK_STATUSES, { native: 'Closed', normal: 'closed' }],
    ['Freshdesk', '6', FRESHDESK_STATUSES, { native: '6' }],
    ['Freshdesk', 'Waiting on Customer', FRESHDESK_STATUSES, { native: 'Waiting on Customer', normal: 'pending' }],
    ['Jira', 'new', JIRA_STATUS_CATEGORIES, { native: 'new', normal: 'open' }],
    ['Jira', 'indeterminate', JIRA_STATUS_CATEGORIES, { native: 'indeterminate', normal: 'open' }],
    ['Jira', 'done', JIRA_STATUS_CATEGORIES, { native: 'done', normal: 'closed' }],
    ['ServiceNow', '1', SERVICENOW_INCIDENT_STATES, { native: 'New', normal: 'open' }],
    ['ServiceNow', '2', SERVICENOW_INCIDENT_STATES, { native: 'In Progress', normal: 'open' }],
    ['ServiceNow', '3', SERVICENOW_INCIDENT_STATES, { native: 'On Hold', normal: 'pending' }],
    ['ServiceNow', '6', SERVICENOW_INCIDENT_STATES, { native: 'Resolved', normal: 'solved' }],
    ['ServiceNow', '7', SERVICENOW_INCIDENT_STATES, { native: 'Closed', normal: 'closed' }],
    ['ServiceNow', '8', SERVICENOW_INCIDENT_STATES, { native: 'Canceled', normal: 'closed' }],
    ['ServiceNow', 'constructor', SERVICENOW_INCIDENT_STATES, { native: 'constructor' }],
  ])('%s: %s', (_platform, spelled, words, term) => {
    expect(readTerm(spelled, words)).toEqual(term);
  });

  it('says nothing of nothing', () => {
    expect(readTerm(undefined, ZENDESK_STATUSES)).toBeUndefined();
  });
});
