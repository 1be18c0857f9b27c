mod delivery; // the queue: attempts, schedule, restarts, replicas, refusals
mod firing; // which events trigger which webhooks, and what they say
mod harness; // a receiver and a broker whose clock is set
mod resource; // making, reading, changing and listing webhooks
