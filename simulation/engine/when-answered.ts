/**
 * Goes on with an answer: at once where it is there, and else when it comes. What a simulated
 * service does takes no time of the host, and an answer that nobody has to wait for costs no turn
 * of the queue of promises.
 */
export const whenAnswered = <Answer, Next>(
  answer: Answer | Promise<Answer>,
  goOn: (answer: Answer) => Next | Promise<Next>,
): Next | Promise<Next> => (answer instanceof Promise ? answer.then(goOn) : goOn(answer));
